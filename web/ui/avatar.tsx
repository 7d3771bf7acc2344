/** The pictures of profiles, drawn here: a sign of the porch on a round ground. */

export const avatars = {
  lamp: ['bg-lamp/20 text-lamp', 'Lamp', 'M9 13h6l2 6H7zM9 13l1.5-4h3l1.5 4M12 5v4'],
  moon: ['bg-sky/20 text-sky', 'Moon', 'M18 14.5A7 7 0 0 1 9.5 6a7 7 0 1 0 8.5 8.5z'],
  star: [
    'bg-lamp/20 text-lamp',
    'Star',
    'M12 5l2.2 4.600 5 .7-3.600 3.5.9 5-4.5-2.400-4.5 2.400.9-5L4.800 10.300l5-.7z',
  ],
  leaf: ['bg-leaf/20 text-leaf', 'Leaf', 'M6 18c0-8 4-12 12-12 0 8-4 12-12 12zM6 18l7-7'],
  house: ['bg-ember/20 text-ember', 'House', 'M5 11.5L12 6l7 5.5M7 10.5V18h10v-7.5M10.5 18v-4h3v4'],
  boat: ['bg-sky/20 text-sky', 'Boat', 'M5 15h14l-2 4H7zM12 5v8M12 5l5 8h-5'],
  cat: ['bg-ember/20 text-ember', 'Cat', 'M6 6l3 2.5h6L18 6v8a6 6 0 0 1-12 0zM9.5 12v.1M14.5 12v.1M11 15.5h2'],
  tree: ['bg-leaf/20 text-leaf', 'Tree', 'M12 4l5 6h-2.5l3.5 5H6l3.5-5H7zM12 15v5'],
} as const

export type AvatarName = keyof typeof avatars
export const avatarNames = Object.keys(avatars) as AvatarName[]
export const avatarNamed = (name: string): AvatarName => avatarNames.find((known) => known === name) ?? 'lamp'

export function Avatar({ name, className = 'size-12' }: { name: string; className?: string }) {
  const [colours, , path] = avatars[avatarNamed(name)]
  return (
    <span className={`grid shrink-0 place-items-center rounded-full ${colours} ${className}`}>
      <svg viewBox="0 0 24 24" aria-hidden className="size-3/5">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  )
}
