/** Whether a word can be a repository's name. */
export const isRepo = (name: string): boolean => /^[\w-][\w.-]{0,38}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(name);
