/*
 * The toolkit tries out a style element while it loads and looks for the page's nonce in a meta element; without it, that element breaks the content
 * policy. The script that runs knows its own nonce. Imported before the toolkit for this effect.
 */
const nonce = document.currentScript?.nonce ?? "";
if (nonce !== "") {
  const meta = document.createElement("meta");
  meta.setAttribute("property", "csp-nonce");
  meta.content = nonce;
  document.head.append(meta);
}
