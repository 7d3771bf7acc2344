/** The cache's tag of what rests on a title of ours being there under this id. */
export const titleTag = (titleId: string): string => `title:${titleId}`
