/** After a deployment an open tab may ask for a part of the app that is gone: it then takes the new version, once. */

const KEY = 'porchlight.reloadedAtMs'
/** A second failure within this time is not an update, and reloading again would go round in circles. */
const ONCE_WITHIN_MS = 30_000

export function isReloadWorthwhile(lastReloadMs: number, nowMs: number): boolean {
  return !(nowMs - lastReloadMs < ONCE_WITHIN_MS)
}

/**
 * Listens for Vite's word that a chunk could not be loaded. Whoever asked for it hears so, too: while a film is watched,
 * or the edge is away, that is all that happens.
 */
export function reloadAfterUpdate(): void {
  addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem(KEY) ?? Number.NaN)
    if (!navigator.onLine || isWatching() || !isReloadWorthwhile(last, Date.now())) return
    void isEdgeThere().then((isThere) => {
      if (!isThere || isWatching()) return
      sessionStorage.setItem(KEY, String(Date.now()))
      location.reload()
    })
  })
}

const isWatching = () => [...document.querySelectorAll('video')].some((video) => !video.ended && video.currentTime > 0)

const isEdgeThere = () =>
  fetch('/health', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
