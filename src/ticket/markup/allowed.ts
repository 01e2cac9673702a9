/** What an element of a shown text has: `true` for what is only there or not. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of a shown text: words, or the name of an element, its attributes, and the pieces in it. */
export type Piece = string | readonly [name: string, attributes: Attributes, ...inner: Piece[]];

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What a text may become. No forms, no styles, no scripts, nothing embedded; SVG and MathML are left out whole. */
const ELEMENTS = words(
  "a b blockquote br code dd del details dl dt em h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp small " +
    "span strong sub summary sup table tbody td tfoot th thead tr u ul var",
);
const ATTRIBUTES = words("href title alt src align start checked disabled type open data-lang data-line");
const ADDRESS = /^(?:https?:|mailto:|data:image\/(?:png|jpe?g|gif|webp);|[#/?.]|[^:]*$)/i;
/** Browsers pass over these in an address. */
const BLANKS = /[\0-\x20\xA0\u1680\u180E\u2000-\u2029\u205F\u3000]/g;

/** Whether a text may have an element of this name. */
export function isAllowed(name: string): boolean {
  return ELEMENTS.has(name);
}

/** Those attributes that an element of a text may have. */
export function allowedOf(name: string, attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(attributes).filter(([key, value]) => mayHave(name, key, String(value))));
}

function mayHave(name: string, key: string, value: string): boolean {
  // The colours of code, and nothing that a text names.
  if (key === "class") return name === "span" && /^t-\w+$/.test(value);
  if (!ATTRIBUTES.has(key)) return false;
  const isAddress = key === "href" || key === "src";
  return !isAddress || ADDRESS.test(value.replace(BLANKS, "")) || (name === "img" && value.startsWith("data:"));
}
