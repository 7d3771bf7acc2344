/** Everything that is made of a film on demand, by kind: one line for each. */
import { AppError } from '#protocol/errors.ts'
import type { StreamResource, StreamResourceKind } from '#protocol/stream-url.ts'
import type { FileIdentity, Film } from './film.ts'

export type Made = {
  contentType: string
  /** All of it, or its beginning. */
  bytes: Uint8Array
  /** To be called when the bytes have left, and are looked at no more: their memory becomes something else's. */
  release?: () => void
  /** What comes after its beginning. Its bytes are good until the next are asked for; it must be ended by whoever leaves. */
  rest?: AsyncGenerator<Uint8Array, void, undefined>
}
export type MakeContext = {
  /** Aborts when whoever asked has gone. */
  signal: AbortSignal
  correlationId: string
  streamId: string
}

export type Maker<Kind extends StreamResourceKind> = (
  film: Film,
  resource: Extract<StreamResource, { kind: Kind }>,
  context: MakeContext,
) => Promise<Made>

type MadeKind = Exclude<StreamResourceKind, 'file' | 'status'>
export type MadeResource = Extract<StreamResource, { kind: MadeKind }>
export type Makers = { readonly [Kind in MadeKind]?: Maker<Kind> }

/** What was found inside a film by the first look, or by the one at all of it (look-inside.ts). */
export type Look = 'first' | 'whole'
/** By the look that is named, else by the newest. */
export type OpenFilmBy = (file: FileIdentity, context: MakeContext, look?: Look) => Promise<Film>

/** What is cut goes by the look that its path names, and everything else by the newest. */
export const lookOf = (resource: MadeResource): Look | undefined =>
  'rendition' in resource || 'renditions' in resource ? (resource.cutBy ?? 'first') : undefined

/** Throws `not_found` for what cannot be made of this film, and what its maker throws. */
export type MakeResource = (file: FileIdentity, resource: MadeResource, context: MakeContext) => Promise<Made>

export function createMakeResource(openFilm: OpenFilmBy, makers: Makers): MakeResource {
  return async (file, resource, context) => {
    const make = makers[resource.kind] as Maker<MadeKind> | undefined
    if (!make) throw new AppError('not_found', 'There is nothing of the kind for this film.')
    return make(await openFilm(file, context, lookOf(resource)), resource, context)
  }
}
