/** Everything that is made of a film on demand, by kind: one line for each. */
import { AppError } from '#protocol/errors.ts'
import type { StreamResource, StreamResourceKind } from '#protocol/stream-url.ts'
import type { FileIdentity, Film } from './film.ts'

export type Made = {
  contentType: string
  bytes: Uint8Array
  /** To be called when the bytes have left, and are looked at no more: their memory becomes something else's. */
  release?: () => void
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

/** Throws `not_found` for what cannot be made of this film, and what its maker throws. */
export type MakeResource = (file: FileIdentity, resource: MadeResource, context: MakeContext) => Promise<Made>

export function createMakeResource(
  openFilm: (file: FileIdentity, context: MakeContext) => Promise<Film>,
  makers: Makers,
): MakeResource {
  return async (file, resource, context) => {
    const make = makers[resource.kind] as Maker<MadeKind> | undefined
    if (!make) throw new AppError('not_found', 'There is nothing of the kind for this film.')
    return make(await openFilm(file, context), resource, context)
  }
}
