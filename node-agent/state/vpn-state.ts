/** When the VPN guard let the swarm run and when not: for whoever asks later why a film did not start. */
import type { DatabaseSync } from 'node:sqlite'

/** `at`: epoch seconds. */
export type VpnChange = { at: number; isOpen: boolean; reason: string }

/** A VPN that comes and goes all night fills no disk. */
const MOST_KEPT = 200

export function vpnState(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO vpn_changes (at, is_open, reason) VALUES (?, ?, ?)')
  const tidy = database.prepare(
    `DELETE FROM vpn_changes WHERE number <= (SELECT max(number) FROM vpn_changes) - ${MOST_KEPT}`,
  )
  const select = database.prepare('SELECT at, is_open AS isOpen, reason FROM vpn_changes ORDER BY number DESC LIMIT ?')
  return {
    add({ at, isOpen, reason }: VpnChange): void {
      insert.run(Math.floor(at), isOpen ? 1 : 0, reason)
      tidy.run()
    },
    /** Newest first. */
    latest: (most: number): VpnChange[] =>
      (select.all(most) as { at: number; isOpen: number; reason: string }[]).map((row) => ({
        ...row,
        isOpen: row.isOpen === 1,
      })),
  }
}
export type VpnState = ReturnType<typeof vpnState>
