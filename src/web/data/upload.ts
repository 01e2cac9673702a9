import { attachmentLink, MAX_ATTACHMENT } from "../../ticket/attachments.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Problem, storeQuery, ticketPath } from "./api.ts";
import type { AttachedFile } from "./shapes.ts";

/** Where the server has a file of a ticket. */
export function fileHref(id: string, name: string): string {
  const path = ticketPath(id, `/attachments/${encodeURIComponent(name)}`);
  return `/api${path}${storeQuery(path)}`;
}

/** Whether a browser shows a file in the place of its name. */
export function isPicture({ type }: Pick<AttachedFile, "type">): boolean {
  return /^image\/(?:png|jpeg|gif|webp|avif)$/.test(type);
}

/** What stands in a text for a file of a ticket. */
export function linkTo(id: string, file: Pick<AttachedFile, "name" | "type">): string {
  const name = file.name.replaceAll(/[[\]\\]/g, "\\$&");
  return `${isPicture(file) ? "!" : ""}[${name}](${attachmentLink(id, file.name)})`;
}

/** 831 B, 14 KB, 1.5 MB: as people read sizes of files. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${size < 10 ? number(Math.round(size * 10) / 10) : Math.round(size)} ${unit}`;
}

/**
 * Attaches a file to a ticket; `onProgress` hears how much of it has gone, from 0 to 1, which `fetch` does not tell.
 * @throws Problem
 */
export function uploadFile(id: string, file: File, onProgress: (part: number) => void): Promise<AttachedFile> {
  const path = `${ticketPath(id, "/attachments")}?name=${encodeURIComponent(file.name)}`;
  return new Promise((resolve, reject) => {
    if (file.size > MAX_ATTACHMENT) {
      const most = sizeText(MAX_ATTACHMENT);
      return reject(new Problem(413, "too_large", say.files.tooLarge(sizeText(file.size), most)));
    }
    const request = new XMLHttpRequest();
    request.open("POST", `/api${path}${storeQuery(path)}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onerror = () => reject(new Problem(0, "offline", say.files.offline));
    request.onload = () => {
      const { attachments = [], code = "internal", detail } = answerIn(request.responseText);
      const [kept] = attachments;
      if (request.status < 300 && kept !== undefined) resolve(kept);
      else reject(new Problem(request.status, code, detail ?? say.page.answered(request.status)));
    };
    request.send(file);
  });
}

interface Answer {
  readonly attachments?: readonly AttachedFile[];
  readonly code?: string;
  readonly detail?: string;
}

function answerIn(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}
