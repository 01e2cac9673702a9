// Calls a function of the built library in the store of this folder: argv has its name and its input as JSON. Prints what
// it answers, or its error, as JSON.
import * as library from "../../dist/index.js";

const [, , name, input] = process.argv;
try {
  const { [name]: work, openStore } = library;
  console.log(JSON.stringify(await work(openStore(), JSON.parse(input))));
} catch (error) {
  if (error.code === undefined) throw error;
  console.error(JSON.stringify({ code: error.code, message: error.message, data: error.data }));
  process.exitCode = 1;
}
