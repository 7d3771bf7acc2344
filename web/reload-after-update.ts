/** After a deployment an open tab may ask for a part of the app that is gone: it then takes the new version, once. */

const KEY = 'porchlight.reloadedAtMs'
/** A second failure within this time is not an update, and reloading again would go round in circles. */
const ONCE_WITHIN_MS = 30_000

export function isReloadWorthwhile(lastReloadMs: number, nowMs: number): boolean {
  return !(nowMs - lastReloadMs < ONCE_WITHIN_MS)
}

/** Listens for Vite's word that a chunk could not be loaded. */
export function reloadAfterUpdate(): void {
  addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? Number.NaN)
    if (!navigator.onLine || !isReloadWorthwhile(last, Date.now())) return
    event.preventDefault()
    sessionStorage.setItem(KEY, String(Date.now()))
    location.reload()
  })
}
