/** A QR code, drawn as one path: dark on paper in either look, since cameras expect it so. */
import { encode } from 'uqr'

export function QrCode({ text, label, className = 'size-48' }: { text: string; label: string; className?: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={`${className} rounded-card bg-white text-black`}
    >
      <path d={path} fill="currentColor" />
    </svg>
  )
}
