import { widthOf } from "../../src/textWidth.ts";
import type { TestTerminal } from "./terminal.ts";

/** The colours of a dark terminal: the 16 that its user has chosen. */
const PALETTE =
  "#21252b #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #c8ccd4 #5c6370 #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #ffffff".split(
    " ",
  );
const [BACKGROUND, FOREGROUND] = ["#1e2127", "#c8ccd4"];
const [CELL, LINE] = [8.4, 18];

/** What shows on a terminal as a picture that says its size and needs no font of its own. */
export function screenSvg(term: TestTerminal, cols: number, title: string): string {
  const rows = term.screen().length;
  const [width, height] = [Math.round(cols * CELL) + 24, rows * LINE + 24];
  const parts: string[] = [];
  for (let y = 0; y < rows; y++) {
    for (const run of runsOf(term, cols, y)) parts.push(...drawn(run, y));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="${FOREGROUND}" xml:space="preserve">
${parts.join("\n")}
</g>
</svg>
`;
}

interface Run {
  readonly x: number;
  cells: number;
  text: string;
  readonly look: ReturnType<TestTerminal["cell"]>;
}

function runsOf(term: TestTerminal, cols: number, y: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < cols; x++) {
    const look = term.cell(x, y);
    if (look.width === 0) continue;
    const last = runs.at(-1);
    const isSame = last !== undefined && lookKey(last.look) === lookKey(look) && last.x + last.cells === x;
    if (isSame) {
      last.text += look.text || " ";
      last.cells += look.width;
    } else runs.push({ x, cells: look.width, text: look.text || " ", look });
  }
  return runs.filter(({ text, look }) => text.trim() !== "" || look.inverse);
}

function lookKey({ bold, dim, inverse, underline, fg, bg }: Run["look"]): string {
  return [bold, dim, inverse, underline, fg, bg].join();
}

function drawn({ x, cells, text, look }: Run, y: number): string[] {
  const { bold, dim, inverse, underline, fg } = look;
  const colour = fg === "" ? FOREGROUND : fg.startsWith("#") ? fg : (PALETTE[Number(fg)] ?? FOREGROUND);
  const place = (at: number, count: number): string =>
    `x="${(12 + at * CELL).toFixed(1)}" textLength="${(count * CELL).toFixed(1)}"`;
  const box = inverse
    ? [`<rect x="${12 + x * CELL}" y="${12 + y * LINE}" width="${cells * CELL}" height="${LINE}" fill="${colour}"/>`]
    : [];
  const looks = [
    inverse ? ` fill="${BACKGROUND}"` : colour === FOREGROUND ? "" : ` fill="${colour}"`,
    bold ? ' font-weight="bold"' : "",
    dim ? ' opacity=".6"' : "",
    underline ? ' text-decoration="underline"' : "",
  ].join("");
  // Blanks at an end, or several in a row, would be lost.
  const pieces = [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: piece, index }) => {
    const escaped = piece.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const where = place(x + widthOf(text.slice(0, index)), widthOf(piece));
    return `<text ${where} y="${12 + y * LINE + 13}" lengthAdjust="spacingAndGlyphs"${looks}>${escaped}</text>`;
  });
  return [...box, ...pieces];
}
