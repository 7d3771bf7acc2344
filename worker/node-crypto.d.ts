/** The functions of node:crypto we use; the whole of Node's types would hide what workerd does not have. */
declare module 'node:crypto' {
  export function scryptSync(
    password: Uint8Array,
    salt: Uint8Array,
    keyLength: number,
    options: { N: number; r: number; p: number },
  ): Uint8Array<ArrayBuffer>
  export function createHmac(
    algorithm: 'sha256',
    key: Uint8Array,
  ): { update(data: Uint8Array): { digest(): Uint8Array<ArrayBuffer> } }
}
