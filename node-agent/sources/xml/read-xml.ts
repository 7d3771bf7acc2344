/** The little of XML that feeds are made of: elements, attributes, text. Bounded, and without a document type. */

export type XmlElement = {
  /** With its prefix, in lower case: `torznab:attr`. */
  name: string
  attributes: ReadonlyMap<string, string>
  children: readonly XmlElement[]
  /** Its own, without that of the elements within. */
  text: string
}

const MOST_CHARACTERS = 8_000_000
const MOST_ELEMENTS = 100_000
const MOST_DEPTH = 64

export class NotXml extends Error {
  override readonly name = 'NotXml'
}

type Open = { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string[] }

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(\/?)>|</g
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * Throws `NotXml` for what is not well-formed, is too large or too deep, or declares a document type: entities of its
 * own are how a small document becomes a huge one, or one that reads our files (CWE-776, CWE-611).
 */
export function readXml(document: string): XmlElement {
  if (document.length > MOST_CHARACTERS) throw new NotXml('too large')
  const root: Open = { name: '', attributes: new Map(), children: [], text: [] }
  const open: Open[] = [root]
  let elements = 0
  let at = 0
  const inner = () => open.at(-1) ?? root
  const close = ({ name, attributes, children, text }: Open) => {
    inner().children.push({ name, attributes, children, text: text.join('').trim() })
  }
  for (const match of document.replace(/^\uFEFF/, '').matchAll(token)) {
    const [whole, cdata, ends, begins, attributes = '', isEmpty] = match
    inner().text.push(decodeEntities(match.input.slice(at, match.index)))
    at = match.index + whole.length
    if (whole === '<!') throw new NotXml('it declares a document type')
    if (whole === '<') throw new NotXml('a tag does not end')
    if (cdata !== undefined) inner().text.push(cdata)
    if (begins !== undefined) {
      if (++elements > MOST_ELEMENTS || open.length > MOST_DEPTH) throw new NotXml('too many elements')
      const element = { name: begins.toLowerCase(), attributes: attributesOf(attributes), children: [], text: [] }
      if (isEmpty === '/') close(element)
      else open.push(element)
    }
    if (ends !== undefined) {
      const element = open.length > 1 ? open.pop() : undefined
      if (element?.name !== ends.toLowerCase()) throw new NotXml('tags do not match')
      close(element)
    }
  }
  const [first, ...rest] = root.children
  if (open.length !== 1 || !first || rest.length > 0) throw new NotXml('it does not hold one element')
  return first
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    found.set(name.toLowerCase(), decodeEntities(double ?? single ?? ''))
  }
  return found
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five that XML has, and numbers. Any other stays as it is written. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })
}

export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name)

/** Of the first child with this name; undefined when there is none, or it is empty. */
export const textOf = (element: XmlElement, name: string): string | undefined =>
  childrenOf(element, name)[0]?.text || undefined
