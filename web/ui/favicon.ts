/** The favicon: the lamp, lit while a film plays. */

/** Lights or dims the lamp in the browser's tab. */
export function showFavicon(isLit: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const href = isLit ? '/icons/lamp-lit.svg' : '/icons/lamp-dim.svg'
  if (link && link.getAttribute('href') !== href) link.setAttribute('href', href)
}
