// Calls a function of the built library in the store of this folder: argv has its name and its input as JSON, and perhaps
// what the program puts in place of its surroundings. Prints what it answers, or its error, as JSON.
import * as library from "../../dist/index.js";

const [, , name, input, host = "{}"] = process.argv;
try {
  const { [name]: work, currentHost, openStore } = library;
  console.log(JSON.stringify(await work(openStore({}, currentHost(JSON.parse(host))), JSON.parse(input))));
} catch (error) {
  if (error.code === undefined) throw error;
  console.error(JSON.stringify({ code: error.code, message: error.message, data: error.data }));
  process.exitCode = 1;
}
