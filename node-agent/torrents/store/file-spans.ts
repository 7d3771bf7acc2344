/** Which bytes of which files a run of a torrent's bytes falls on. Pure. */
import type { TorrentFile } from '../metadata/torrent-layout.ts'

export type FileSpan = {
  file: TorrentFile
  /** Where the span begins in the file. */
  position: number
  /** Where it begins in the run. */
  offset: number
  length: number
}

/** The spans that make up `length` bytes from `start` of the torrent, in order; files of no length have none. */
export function fileSpans(files: readonly TorrentFile[], start: number, length: number): FileSpan[] {
  const end = start + length
  return files.slice(firstFileAfter(files, start)).reduce<FileSpan[]>((spans, file) => {
    const from = Math.max(start, file.offsetBytes)
    const to = Math.min(end, file.offsetBytes + file.sizeBytes)
    if (to > from) spans.push({ file, position: from - file.offsetBytes, offset: from - start, length: to - from })
    return spans
  }, [])
}

/** Binary search: torrents of many thousand files are asked this for every piece. */
function firstFileAfter(files: readonly TorrentFile[], start: number): number {
  let low = 0
  let high = files.length
  while (low < high) {
    const middle = (low + high) >> 1
    const file = files[middle]
    if (file && file.offsetBytes + file.sizeBytes <= start) low = middle + 1
    else high = middle
  }
  return low
}
