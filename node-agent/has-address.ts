/** Pure: whether a machine has an address, by what it says of its interfaces. */
import type { networkInterfaces } from 'node:os'

export const hasAddress = (interfaces: ReturnType<typeof networkInterfaces>, address: string): boolean =>
  Object.values(interfaces).some((all) => all?.some((one) => one.address === address) ?? false)
