/** The screen between Play and the first picture: the film's name in the light of its poster, and what is happening. */
import type { Title } from '../../api.ts'
import { Lamp } from '../../ui/lamp.tsx'
import { Poster } from '../../ui/poster.tsx'
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

/** The poster, large and out of focus: the light in which a person waits. */
export function PosterGlow({ title }: { title: Title | undefined }) {
  if (!title) return null
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden">
      <Poster
        name={title.name}
        year={title.year}
        src={title.poster}
        hash={title.posterHash}
        isFirst
        className="scale-110 opacity-60 blur-2xl"
      />
      <div className="absolute inset-0 bg-radial from-black/50 to-black/85" />
    </div>
  )
}
