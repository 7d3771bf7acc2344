/** Opens a film with mediabunny over ranged reads that it cannot exceed. */
import { ALL_FORMATS, CustomSource, Input } from 'mediabunny'
import type { ReadBytes } from '../read-bytes.ts'

export type OpenInput = {
  input: Input
  /** What reading rejected with, if it did: mediabunny's own errors say less. */
  failure(): { error: unknown } | undefined
  close(): void
}

/** `mostBytes`: a file that makes its reader ask for more is damaged or hostile. */
export function openInput(sizeBytes: number, read: ReadBytes, mostBytes: number): OpenInput {
  let failed: { error: unknown } | undefined
  let total = 0
  const source = new CustomSource({
    getSize: () => sizeBytes,
    read: async (start, end) => {
      total += end - start
      if (total > mostBytes) throw new Error('the file asks for too much before it says what is in it')
      try {
        return await read(start, end)
      } catch (error) {
        failed = { error }
        throw error
      }
    },
    handleUnhandledError: () => {},
  })
  const input = new Input({ source, formats: ALL_FORMATS })
  return { input, failure: () => failed, close: () => input.dispose() }
}
