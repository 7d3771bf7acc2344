/** Pure: what a person is told about their account, by the kind of the notice (the edge's notices.ts). */

type Words = { title: string; text: string }

const said = (details: Record<string, unknown>, name: string, otherwise: string): string => {
  const value = details[name]
  return typeof value === 'string' && value !== '' ? value : otherwise
}

const factorNames: Record<string, string> = {
  totp: 'Code app',
  passkey: 'Passkey',
  recovery_code: 'Recovery codes',
  recovery_codes: 'Recovery codes',
}

const factor = (details: Record<string, unknown>): string => {
  const name = said(details, 'factor', 'Second lock')
  return factorNames[name] ?? name
}
const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1)

const byKind: Record<string, (details: Record<string, unknown>) => Words> = {
  new_device: (details) => {
    const place = details.place
    return {
      title: `Signed in on a new device: ${said(details, 'device', 'another device')}.`,
      text: typeof place === 'string' && place !== '' ? `From ${place},` : '',
    }
  },
  device_left: (details) => ({
    title: `${said(details, 'device', 'A device')} was signed out.`,
    text: 'A sixth device came, and it was unused for longest,',
  }),
  key_reused: () => ({
    title: 'You were signed out to keep you safe.',
    text: 'Your sign-in was used from two places. If that was not you, change your password. It was',
  }),
  password_changed: () => ({ title: 'Your password was changed.', text: '' }),
  factor_enrolled: (details) => ({ title: `${factor(details)} added.`, text: '' }),
  factor_removed: (details) => ({ title: `${factor(details)} taken away.`, text: '' }),
  recovery_codes_low: ({ left }) => ({
    title: `${typeof left === 'number' ? left : 'Few'} recovery codes left.`,
    text: 'Get new ones under Locks. Noted',
  }),
  identity_linked: (details) => ({
    title: `${capital(said(details, 'provider', 'An account'))} was connected.`,
    text: '',
  }),
  identity_unlinked: (details) => ({
    title: `${capital(said(details, 'provider', 'An account'))} was disconnected.`,
    text: '',
  }),
  role_changed: ({ role }) => ({
    title: role === 'admin' ? 'You look after this Porchlight now.' : 'You no longer look after this Porchlight.',
    text: '',
  }),
  tv_approved: (details) => ({ title: `You let a screen in: ${said(details, 'device', 'a screen')}.`, text: '' }),
  agent_vpn_down: (details) => ({
    title: `The VPN of ${said(details, 'agent', 'a box at home')} is away.`,
    text: 'Nothing is downloaded there until it is back. Why, you see among the boxes at home.',
  }),
  sessions_ended_by_admin: () => ({ title: 'An admin signed you out everywhere.', text: '' }),
}

/** A kind that this version does not know yet is still told. */
export const noticeWords = (kind: string, details: Record<string, unknown>): Words =>
  byKind[kind]?.(details) ?? { title: 'Something changed in your account.', text: '' }
