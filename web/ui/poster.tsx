/** A title's poster: its picture, or, when it has none or it does not load, one drawn from its name. */
import { useId, useMemo, useState } from 'react'
import { pictureSizes } from './picture-sizes.ts'
import { designPoster } from './poster-design.ts'
import { drawScene } from './poster-scenes.tsx'
import { thumbPicture } from './thumb-hash.ts'

type PosterProps = {
  name: string
  year: number | null
  src: string | null
  /** The picture out of focus, which is seen until it is there. */
  hash?: string | null
  isFirst?: boolean
  className?: string
}

/** Fills its box; decorative, because the name always stands beside it. */
export function Poster({ name, year, src, hash = null, isFirst = false, className = '' }: PosterProps) {
  const [isBroken, setIsBroken] = useState(false)
  const blurred = useMemo(() => (hash === null ? undefined : thumbPicture(hash)), [hash])
  if (src === null || isBroken) return <DrawnPoster name={name} year={year} className={className} />
  return (
    <img
      src={src}
      srcSet={pictureSizes(src)}
      // A card is about a sixth of a wide screen, and less than half of a narrow one.
      sizes="(min-width: 64rem) 16rem, 45vw"
      alt=""
      decoding="async"
      loading={isFirst ? 'eager' : 'lazy'}
      fetchPriority={isFirst ? 'high' : 'auto'}
      onError={() => setIsBroken(true)}
      style={blurred === undefined ? undefined : { backgroundImage: `url(${blurred})`, backgroundSize: 'cover' }}
      // A wide still is cut around its left third, where stills tend to have their face.
      className={`size-full bg-raised object-cover object-[36%_40%] ${className}`}
    />
  )
}

function DrawnPoster({ name, year, className }: { name: string; year: number | null; className: string }) {
  const id = useId()
  const picture = useMemo(() => {
    const { palette, scene, lines, fontSize, random } = designPoster(name)
    return { palette, lines, fontSize, drawn: drawScene(scene, { palette, random }) }
  }, [name])
  const { palette, lines, fontSize, drawn } = picture
  return (
    <svg viewBox="0 0 200 300" preserveAspectRatio="xMidYMid slice" aria-hidden className={`size-full ${className}`}>
      <defs>
        <linearGradient id={`${id}-sky`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor={palette.sky} />
          <stop offset="0.62" stopColor={palette.low} />
        </linearGradient>
        <linearGradient id={`${id}-foot`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0.45" stopColor={palette.near} stopOpacity="0" />
          <stop offset="0.86" stopColor={palette.near} stopOpacity="0.94" />
        </linearGradient>
      </defs>
      <rect width="200" height="300" fill={`url(#${id}-sky)`} />
      {drawn}
      <rect width="200" height="300" fill={`url(#${id}-foot)`} />
      <text
        x="14"
        y={272 - (lines.length - 1) * fontSize}
        fill={palette.ink}
        fontSize={fontSize}
        fontWeight="700"
        className="font-serif"
        letterSpacing="-0.4"
      >
        {lines.map((line, i) => (
          <tspan key={line} x="14" dy={i === 0 ? 0 : fontSize}>
            {line}
          </tspan>
        ))}
      </text>
      <text x="14" y="289" fill={palette.ink} opacity="0.75" fontSize="7.5" letterSpacing="1.6">
        {year}
      </text>
    </svg>
  )
}
