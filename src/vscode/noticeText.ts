import { plainText } from "../base/plainText.js";

/**
 * Text for a notification, whatever is in it. The editor makes links of [text](target) there, commands among the targets, and names of files and labels are
 * written by strangers.
 */
export function noticeText(text: string): string {
  return plainText(text).replaceAll("](", "] (");
}
