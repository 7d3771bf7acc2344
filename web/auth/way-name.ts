/** Pure: what a way in is called where only its id is known. */

const names: Record<string, string> = {
  github: 'GitHub',
  google: 'Google',
  plex: 'Plex',
  trakt: 'Trakt',
  password: 'password',
  passkey: 'passkey',
}

export const wayName = (id: string): string => names[id] ?? id.charAt(0).toUpperCase() + id.slice(1)
