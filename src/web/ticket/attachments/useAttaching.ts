import { useMemo, useRef, useState } from "preact/hooks";
import type { AttachedFile } from "../../data/shapes.ts";
import { fileHref, isPicture, linkTo, uploadFile } from "../../data/upload.ts";
import type { Attaching, TextFiles, Upload } from "../../writing/files.ts";

type Shown = Upload & { readonly where: string };

/** The files of a ticket for its texts, and what attaches more; what is on its way survives that others change the ticket. */
export function useAttaching(
  id: string,
  attachments: readonly AttachedFile[] | undefined,
  read: () => Promise<void>,
): Attaching {
  const [uploads, setUploads] = useState<readonly Shown[]>([]);
  const nextKey = useRef(0);
  // A picture is drawn once, however often the ticket is read.
  const known = JSON.stringify(attachments ?? []);
  const files = useMemo(() => textFiles(id, attachments ?? []), [id, known]);
  const change = (key: number, changes: Partial<Shown>): void =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const forget = (key: number): void => setUploads((all) => all.filter((one) => one.key !== key));
  const send = async (key: number, file: File, onDone: (link: string) => void): Promise<void> => {
    change(key, { part: 0, problem: undefined as never });
    try {
      const kept = await uploadFile(id, file, (part) => change(key, { part }));
      await read();
      onDone(linkTo(id, kept));
      forget(key);
    } catch (error) {
      change(key, { problem: (error as Error).message });
    }
  };
  const attach: Attaching["attach"] = (given, where, onDone = () => {}) => {
    const begun = given.map((file): readonly [Shown, () => Promise<void>] => {
      const key = nextKey.current++;
      const go = (): Promise<void> => send(key, file, onDone);
      return [{ key, name: file.name, part: 0, where, again: () => void go(), forget: () => forget(key) }, go];
    });
    setUploads((all) => [...all, ...begun.map(([one]) => one)]);
    // One after the other: each is a commit of the store.
    void begun.reduce((before, [, go]) => before.then(go), Promise.resolve());
  };
  return { files, attach, uploads: (where) => uploads.filter((one) => one.where === where) };
}

function textFiles(id: string, attachments: readonly AttachedFile[]): TextFiles {
  return new Map(
    attachments.map((file) => {
      const { name, path, size, width, height } = file;
      return [path, { href: fileHref(id, name), isPicture: size !== null && isPicture(file), width, height }];
    }),
  );
}
