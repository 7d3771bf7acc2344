/** Small icons, drawn here: one path each on a 24-pixel grid. */

const paths = {
  play: 'M7.5 4.6v14.8a.8.8 0 0 0 1.2.7l11.6-7.4a.8.8 0 0 0 0-1.4L8.7 3.9a.8.8 0 0 0-1.2.7z',
  pause: 'M6.5 4h3.2v16H6.5zM14.3 4h3.2v16h-3.2z',
  star: 'M12 3.4l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 2.9 1.1-6-4.4-4.2 6-.8z',
} as const

const strokes = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  check: 'M4.5 12.5l5 5 10-11',
  close: 'M6 6l12 12M18 6L6 18',
  info: 'M12 11v6M12 7.2v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  keyboard: 'M3 6.5h18v11H3zM7 10.2h.1M11 10.2h.1M15 10.2h.1M8 14h8',
  volume: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  enlarge: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  shrink: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  tracks: 'M4 6.5h16M4 12h9M4 17.5h6M17 12.5v6.5M17 12.5c1 1.5 3 1.5 3 3.5',
  restart: 'M4 5v5h5M4.6 10A8 8 0 1 1 4 13.5',
  backTen: 'M4.5 4.5V9H9M4.8 9a8.2 8.2 0 1 1-1 5',
  onTen: 'M19.5 4.5V9H15M19.2 9a8.2 8.2 0 1 0 1 5',
  home: 'M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7M10.5 11v5M13.5 11v5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  tune: 'M4 7h9M18 7h2M4 17h2M11 17h9M15.5 4.5v5M8.5 14.5v5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5',
  key: 'M14.5 9.5a4 4 0 1 0-3.2 3.9L13 15h2v2h2v2h3v-3l-5.7-5.4M10 9.5h.1',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M15.5 5a3.5 3.5 0 0 1 0 6.5M17.5 14.8c2.2.6 3.6 2.2 4 4.7',
  screen: 'M3 5h18v12H3zM8.5 20.5h7',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  shield: 'M12 3.5l7.5 2.8v5.2c0 4.6-3 7.6-7.5 9-4.5-1.4-7.5-4.4-7.5-9V6.3zM8.8 12l2.3 2.3 4.2-4.6',
  upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14',
  skip: 'M5 5.5v13l9-6.5zM18.5 5.5v13',
  noStar: 'M12 3.4l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 2.9 1.1-6-4.4-4.2 6-.8z',
} as const

export type IconName = keyof typeof paths | keyof typeof strokes

/** Always decorative: the button around it carries the name. */
export function Icon({ name, className = 'size-6' }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={`${className} shrink-0`}>
      {name in paths ? (
        <path d={paths[name as keyof typeof paths]} fill="currentColor" />
      ) : (
        <path
          d={strokes[name as keyof typeof strokes]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
      {(name === 'backTen' || name === 'onTen') && (
        <text x="12" y="16.6" textAnchor="middle" fontSize="7.5" fontWeight="700" fill="currentColor">
          10
        </text>
      )}
    </svg>
  )
}
