/** Has styles that the first view does without; done once they hold, or cannot be had. */
export function lateStyle(href: string): Promise<void> {
  const known = document.querySelector<HTMLLinkElement>(`link[href="${href}"]`);
  if (known !== null && known.sheet !== null) return Promise.resolve();
  const link = known ?? document.createElement("link");
  return new Promise((resolve) => {
    link.addEventListener("load", () => resolve());
    // The page can be used without, and the next one tries again.
    link.addEventListener("error", () => {
      link.remove();
      resolve();
    });
    if (known !== null) return;
    link.rel = "stylesheet";
    link.href = href;
    document.head.append(link);
  });
}
