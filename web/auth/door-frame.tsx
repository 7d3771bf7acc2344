/** The frame of every page before the door is open: the lamp, a heading, and one card in its light. */
import type { ReactNode } from 'react'
import { Lamp } from '../ui/lamp.tsx'

type DoorFrameProps = { title: string; lead?: ReactNode; isLit?: boolean; children: ReactNode }

export function DoorFrame({ title, lead, isLit = true, children }: DoorFrameProps) {
  return (
    <main className={`grid min-h-dvh place-items-center px-4 py-10 ${isLit ? 'porch-glow' : ''}`}>
      <div className="w-full max-w-md animate-arrive">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <Lamp isLit={isLit} className="size-16" />
          <p className="text-sm font-semibold tracking-[0.18em] text-quiet uppercase">Porchlight</p>
          <h1 className="text-2xl font-semibold">{title}</h1>
          {lead !== undefined && <p className="max-w-sm text-quiet">{lead}</p>}
        </div>
        {children}
      </div>
    </main>
  )
}

/** The card that forms stand on. */
export const doorCard = 'flex flex-col gap-5 rounded-[16px] border border-line bg-raised/60 p-5 shadow-card sm:p-7'
