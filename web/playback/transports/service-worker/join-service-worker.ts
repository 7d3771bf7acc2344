/** Has the service worker in charge of this page, where the browser has such a thing; else players do without it. */

/** Shorter than anybody waits for a film. */
const WITHIN_MS = 4000

let joined: Promise<boolean> | undefined

/** True once requests of this page's elements pass the service worker; asked again when it was not. Never throws. */
export function joinServiceWorker(): Promise<boolean> {
  if (import.meta.env.MODE === 'development' || !('serviceWorker' in navigator)) return Promise.resolve(false)
  if (navigator.serviceWorker.controller) return Promise.resolve(true)
  joined ??= join().then((isThere) => {
    if (!isThere) joined = undefined
    return isThere
  })
  return joined
}

/** Whether requests pass it now. */
export const isServiceWorkerThere = (): boolean =>
  'serviceWorker' in navigator && navigator.serviceWorker?.controller != null

async function join(): Promise<boolean> {
  const { serviceWorker } = navigator
  const inCharge = new Promise<void>((done) =>
    serviceWorker.addEventListener('controllerchange', () => done(), { once: true }),
  )
  try {
    await serviceWorker.register('/service-worker.js', { updateViaCache: 'none' })
  } catch {
    // A private window, or a person who keeps no data of sites.
    return false
  }
  await Promise.race([inCharge, new Promise((done) => setTimeout(done, WITHIN_MS))])
  return serviceWorker.controller !== null
}
