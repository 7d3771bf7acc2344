/** How the disk's quota is shared between what is downloaded and what is made of it. Pure. */

/** What is made can be made again; what is downloaded came from far away. */
const MOST_MADE_SHARE = 0.25

/** Together never more than the quota; `downloadBytes` is undefined where there is none. */
export function diskShares(
  quotaBytes: number | undefined,
  mostMadeBytes: number,
): { downloadBytes: number | undefined; madeBytes: number } {
  if (quotaBytes === undefined) return { downloadBytes: undefined, madeBytes: mostMadeBytes }
  const madeBytes = Math.min(mostMadeBytes, Math.floor(quotaBytes * MOST_MADE_SHARE))
  return { downloadBytes: quotaBytes - madeBytes, madeBytes }
}
