/** What the roles are called on the screen. */
export const roleNames = [
  ['user', 'May watch'],
  ['admin', 'Admin: looks after this Porchlight'],
] as const
