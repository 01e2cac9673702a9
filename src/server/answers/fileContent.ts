import type { AttachmentRead } from "../../actions/attachments/attachment.ts";
import type { Content } from "./content.ts";
import { hashTag } from "./validators.ts";

/**
 * What a browser may do with an attached file where it stands alone: show a picture, and nothing else. What somebody
 * attached is never a page of ours.
 */
const POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'";
/** Pictures that no script can be in, by what their bytes say; all else is to be saved. */
const SHOWN = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/** An attached file as content. */
export function fileContent({ name, type, bytes }: AttachmentRead): Content {
  const isShown = SHOWN.test(type);
  return {
    status: 200,
    headers: {
      "content-type": isShown ? type : "application/octet-stream",
      "content-disposition": `${isShown ? "inline" : "attachment"}; ${namedAs(name)}`,
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
      etag: hashTag(bytes),
    },
    body: bytes,
  };
}

/** RFC 6266: letters for programs that know no others, and the name itself. */
function namedAs(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, "_");
  const coded = encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `filename="${plain}"; filename*=UTF-8''${coded}`;
}
