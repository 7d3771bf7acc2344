/** The screen between Play and the first picture: the film's name in the light of its poster, and what is happening. */
import { useMemo } from 'react'
import type { Title } from '../../api.ts'
import { Lamp } from '../../ui/lamp.tsx'
import { designPoster } from '../../ui/poster-design.ts'
import { thumbPicture } from '../../ui/thumb-hash.ts'
import { useIsLong } from './use-is-long.ts'

/** Black at first: most films that are at home begin before there is anything to read. */
export function OpeningVeil({ title, words }: { title: Title | undefined; words: string }) {
  const isLong = useIsLong()
  if (!isLong) return <div className="night absolute inset-0 bg-black" />
  return (
    <div className="night absolute inset-0 overflow-hidden bg-black">
      <PosterGlow title={title} />
      <div className="relative grid h-full place-items-center px-6 text-center">
        <div className="flex flex-col items-center gap-5">
          <Lamp isLit className="size-16 animate-breathe" />
          <h1 className="min-h-[1.2em] font-serif text-4xl leading-[1.1] font-bold sm:text-5xl">{title?.name}</h1>
          <p role="status" className="min-h-6 text-quiet tabular-nums">
            {words}
          </p>
        </div>
      </div>
    </div>
  )
}

/**
 * The poster's colours, large and out of focus: the light in which a person waits. A picture that is soft by itself: a
 * filter would be drawn anew with every breath of the lamp, by the processor that the film's first frame waits for.
 */
export function PosterGlow({ title }: { title: Title | undefined }) {
  const backgroundImage = useMemo(() => title && glowOf(title), [title])
  if (!backgroundImage) return null
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden">
      <div className="size-full scale-110 bg-cover bg-center opacity-60" style={{ backgroundImage }} />
      <div className="absolute inset-0 bg-radial from-black/50 to-black/85" />
    </div>
  )
}

/** A few hundred pixels of the poster, which the browser draws smooth; else the light of the one drawn from its name. */
function glowOf({ name, poster, posterHash }: Title): string {
  const picture = poster === null || posterHash === null ? undefined : thumbPicture(posterHash)
  if (picture !== undefined) return `url(${picture})`
  const { sky, low, near } = designPoster(name).palette
  return `linear-gradient(${sky}, ${low} 62%, ${near})`
}
