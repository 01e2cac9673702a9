/** A browser that lets no text become a script asks for this. */
interface Types {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

const types = (globalThis as { readonly trustedTypes?: Types }).trustedTypes;
const policy = types?.createPolicy("ayo", { createScriptURL: (name) => `/${name.replace(/\W/g, "")}.js` });

/** The address of a worker of ours, by its name. */
export function ownScript(name: string): string {
  return policy?.createScriptURL(name) ?? `/${name}.js`;
}
