/** The parts of the account page and what they are called. */
export const sectionNames = {
  you: 'You',
  security: 'Locks',
  devices: 'Devices',
  profiles: 'Profiles',
  trakt: 'Trakt',
  notices: 'News',
} as const

export type AccountSection = keyof typeof sectionNames
export const isAccountSection = (name: string): name is AccountSection => Object.hasOwn(sectionNames, name)
