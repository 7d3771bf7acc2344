/** The name a torrent's file gets on our disk: ours, with enough of its own to be recognised by a person. */

/**
 * `0003-big-buck-bunny.mp4`: unique by the index, so two files never collide, whatever they call themselves. What is
 * on disk is found by this name: changing the rule loses every download.
 */
export function diskName(index: number, path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? ''
  const dot = last.lastIndexOf('.')
  const stem = slug(dot > 0 ? last.slice(0, dot) : last).slice(0, 60)
  const extension = dot > 0 ? slug(last.slice(dot + 1)).slice(0, 8) : ''
  const number = String(index).padStart(4, '0')
  return [number, stem].filter(Boolean).join('-') + (extension ? `.${extension}` : '')
}

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
