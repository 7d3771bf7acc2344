/** Which byte ranges of a file are on disk, as the player draws them. Pure. */

type File = { offsetBytes: number; sizeBytes: number }

/** Ranges with exclusive ends, in order and merged. */
export function bufferedRanges(
  file: File,
  pieceBytes: number,
  isOnDisk: (piece: number) => boolean,
): [start: number, end: number][] {
  const ranges: [number, number][] = []
  if (file.sizeBytes === 0) return ranges
  const first = Math.floor(file.offsetBytes / pieceBytes)
  const last = Math.floor((file.offsetBytes + file.sizeBytes - 1) / pieceBytes)
  for (let piece = first; piece <= last; piece++) {
    if (!isOnDisk(piece)) continue
    const start = Math.max(0, piece * pieceBytes - file.offsetBytes)
    const end = Math.min(file.sizeBytes, (piece + 1) * pieceBytes - file.offsetBytes)
    const previous = ranges.at(-1)
    if (previous && previous[1] === start) previous[1] = end
    else ranges.push([start, end])
  }
  return ranges
}

/** At most `most` ranges: the longest are kept, for a shorter one is hardly a pixel wide. In order. */
export function longestRanges(ranges: [number, number][], most: number): [number, number][] {
  if (ranges.length <= most) return ranges
  return [...ranges]
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]))
    .slice(0, most)
    .sort((a, b) => a[0] - b[0])
}
