/** A breathing placeholder of the size of what is coming, so that nothing jumps when it arrives. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={`animate-breathe rounded-card bg-line/70 ${className}`} />
}
