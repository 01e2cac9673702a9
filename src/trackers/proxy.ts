import http from "node:http";
import tls from "node:tls";

/** Variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for an address, unless NO_PROXY names its host. */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const proxy = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? read("ALL_PROXY");
  if (proxy === undefined || isSpared(url.hostname, read("NO_PROXY") ?? "")) return undefined;
  const address = new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
  return address.protocol === "http:" ? address : undefined;
}

function isSpared(host: string, list: string): boolean {
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  return names.some((name) => {
    const suffix = name.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return name === "*" || host === suffix || host.endsWith(`.${suffix}`);
  });
}

/** What a proxy is shown, if its address has a name and a password. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A connection to an https address through a proxy: the proxy sees the host's name and nothing else. */
export async function tunnel(proxy: URL, url: URL, timeout: number): Promise<tls.TLSSocket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const socket = await new Promise<import("node:net").Socket>((resolve, reject) => {
    const request = http.request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: target,
      headers: { Host: target, ...proxyHeaders(proxy) },
      timeout,
      agent: false,
    });
    request.on("connect", ({ statusCode }, opened) => {
      if (statusCode === 200) return resolve(opened);
      opened.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${statusCode} to CONNECT`));
    });
    request.on("timeout", () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    request.on("error", reject);
    request.end();
  });
  return await new Promise((resolve, reject) => {
    const secure = tls.connect({ socket, servername: url.hostname }, () => resolve(secure));
    secure.on("error", reject);
  });
}
