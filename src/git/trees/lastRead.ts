type Read = (oid: string) => Promise<Buffer>;

/** Trees are read one after the other, each as what came after and then as what was before. */
export function lastRead(read: Read): Read {
  const recent = new Map<string, Buffer>();
  return async (oid) => {
    const bytes = recent.get(oid) ?? (await read(oid));
    recent.delete(oid);
    recent.set(oid, bytes);
    const [oldest] = recent.keys();
    if (recent.size > 16 && oldest !== undefined) recent.delete(oldest);
    return bytes;
  };
}
