/** The lamp over a doorway: the logo, and the sign that home is reachable. Drawn in one stroke; lit or unlit. */

/** Always decorative: words stand beside it wherever it means something. */
export function Lamp({ isLit, className = 'size-6' }: { isLit: boolean; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={`${className} shrink-0 ${isLit ? 'text-lamp' : 'text-quiet'}`}>
      {isLit && <path d="M8.7 12h6.6l2.4 9.4H6.3z" fill="currentColor" opacity="0.45" />}
      <path d="M8.7 12l1.7-4.6h3.2l1.7 4.6z" fill={isLit ? 'currentColor' : 'none'} />
      <path
        d="M1.8 21.4h2.6V10.4a7.6 7.6 0 0 1 15.2 0v11h2.6M12 2.8v4.4M8.7 12l1.7-4.6h3.2l1.7 4.6z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
