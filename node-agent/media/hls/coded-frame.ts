/** A frame of picture or sound as it is coded, on its way from a film into a segment. */

/** Film seconds, and what MP4 stores of it. */
export type CodedFrame = { seconds: number; isKey: boolean; data: Uint8Array }
