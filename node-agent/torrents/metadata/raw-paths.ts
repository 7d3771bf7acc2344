/** File paths exactly as a torrent's info dictionary writes them, before anything has made them look harmless. */

type RawInfo = {
  name?: unknown
  'name.utf-8'?: unknown
  files?: { path?: unknown; 'path.utf-8'?: unknown }[]
}

/**
 * One list of path parts for each file. parse-torrent joins the parts with `path.join`, which quietly resolves `..`;
 * a torrent that tries to climb is refused, and for that its own words are needed.
 */
export function rawPaths(info: RawInfo): string[][] {
  const top = text(info['name.utf-8'] ?? info.name)
  if (!Array.isArray(info.files)) return [[top]]
  return info.files.map((file) => {
    const parts = file['path.utf-8'] ?? file.path
    return Array.isArray(parts) && parts.length > 0 ? [top, ...parts.map(text)] : []
  })
}

const text = (value: unknown): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : typeof value === 'string' ? value : ''
