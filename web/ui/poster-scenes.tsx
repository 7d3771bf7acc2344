/** The scenes of the drawn posters: a few shapes each on a sheet of 200 by 300, placed by the title's own sequence. */
import type { Palette, Scene } from './poster-design.ts'

type SceneProps = { palette: Palette; random: () => number }
type Draw = (props: SceneProps) => React.ReactNode

const between = (random: () => number, low: number, high: number) => low + random() * (high - low)
const times = <T,>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

function stars({ palette, random, count = 26, below = 130 }: SceneProps & { count?: number; below?: number }) {
  return times(count, (i) => (
    <circle
      key={i}
      cx={between(random, 4, 196)}
      cy={between(random, 4, below)}
      r={between(random, 0.35, 1.1)}
      fill={palette.ink}
      opacity={between(random, 0.25, 0.8)}
    />
  ))
}

/** A range of hills as one smooth path, closed at the foot of the sheet. */
function ridge(random: () => number, height: number, swing: number): string {
  const points = times(5, (i) => `${i * 50} ${height + between(random, -swing, swing)}`)
  const [first, ...rest] = points
  return `M${first} ${rest.map((point, i) => `S${i * 50 + 32} ${height + between(random, -swing, swing)} ${point}`).join(' ')} V300 H0z`
}

const draw: Record<Scene, Draw> = {
  hills: ({ palette, random }) => (
    <>
      {stars({ palette, random })}
      <circle
        cx={between(random, 45, 155)}
        cy={between(random, 60, 110)}
        r={between(random, 18, 34)}
        fill={palette.light}
      />
      <path d={ridge(random, 170, 16)} fill={palette.far} opacity="0.65" />
      <path d={ridge(random, 200, 18)} fill={palette.far} />
      <path d={ridge(random, 235, 14)} fill={palette.near} />
    </>
  ),
  sea: ({ palette, random }) => {
    const x = between(random, 60, 140)
    return (
      <>
        {stars({ palette, random })}
        <circle cx={x} cy="148" r={between(random, 34, 52)} fill={palette.light} />
        <rect y="150" width="200" height="150" fill={palette.near} />
        {times(9, (i) => {
          const half = between(random, 8, 46) * (1 - i / 14)
          return (
            <rect
              key={i}
              x={x - half}
              y={156 + i * 11}
              width={half * 2}
              height="2.4"
              rx="1.2"
              fill={palette.light}
              opacity={0.75 - i * 0.07}
            />
          )
        })}
      </>
    )
  },
  city: ({ palette, random }) => (
    <>
      {stars({ palette, random })}
      <circle cx={between(random, 40, 160)} cy={between(random, 50, 90)} r="20" fill={palette.light} opacity="0.9" />
      {times(9, (i) => {
        const top = between(random, 110, 200)
        return (
          <g key={i}>
            <rect
              x={i * 24 - 8}
              y={top}
              width="25"
              height={300 - top}
              fill={i % 2 === 0 ? palette.far : palette.near}
            />
            {times(4, (j) => (
              <rect
                key={j}
                x={i * 24 - 3 + (j % 2) * 9}
                y={top + 10 + j * 15}
                width="4.5"
                height="6.5"
                rx="0.6"
                fill={palette.light}
                opacity={random() > 0.5 ? 0.85 : 0.1}
              />
            ))}
          </g>
        )
      })}
    </>
  ),
  doors: ({ palette, random }) => {
    const x = between(random, 78, 122)
    return (
      <>
        <rect width="200" height="300" fill={palette.near} opacity="0.55" />
        {[70, 54, 39, 25].map((half, i) => (
          <path
            key={half}
            d={`M${x - half} 300 V${120 + i * 26} a${half} ${half} 0 0 1 ${half * 2} 0 V300z`}
            fill={i === 3 ? palette.light : i % 2 === 0 ? palette.far : palette.low}
            opacity={i === 3 ? 1 : 0.9}
          />
        ))}
        <path d={`M${x - 25} 300 L${x + 25} 300 L${x + 62} 300 L${x - 62} 300z`} fill={palette.light} />
      </>
    )
  },
  road: ({ palette, random }) => {
    const x = between(random, 70, 130)
    return (
      <>
        {stars({ palette, random, count: 34 })}
        <path d={ridge(random, 165, 10)} fill={palette.far} />
        <rect y="176" width="200" height="124" fill={palette.near} />
        <path d={`M${x - 3} 176 h6 L176 300 H24z`} fill={palette.far} />
        <path d={`M${x - 0.4} 182 h0.8 L104 300 h-8z`} fill={palette.light} opacity="0.9" strokeDasharray="10 8" />
        <circle cx={x} cy="170" r="30" fill={palette.light} opacity="0.28" />
        <circle cx={x} cy="171" r="7" fill={palette.light} />
      </>
    )
  },
  orbit: ({ palette, random }) => {
    const [x, y] = [between(random, 70, 130), between(random, 105, 145)]
    return (
      <>
        {stars({ palette, random, count: 44, below: 290 })}
        {[88, 64, 44].map((r) => (
          <ellipse
            key={r}
            cx={x}
            cy={y}
            rx={r}
            ry={r * 0.36}
            fill="none"
            stroke={palette.ink}
            strokeOpacity="0.35"
            transform={`rotate(-18 ${x} ${y})`}
          />
        ))}
        <circle cx={x} cy={y} r="28" fill={palette.low} />
        <path d={`M${x - 28} ${y} a28 28 0 0 0 56 0 a34 22 0 0 1 -56 0z`} fill={palette.near} opacity="0.5" />
        <circle cx={x + between(random, 52, 72)} cy={y - between(random, 22, 40)} r="7" fill={palette.light} />
        <path d={ridge(random, 262, 6)} fill={palette.near} />
      </>
    )
  },
}

/** Not a component on purpose: the sequence must be drawn once, in order, in one pass. */
export const drawScene = (scene: Scene, props: SceneProps): React.ReactNode => draw[scene](props)
