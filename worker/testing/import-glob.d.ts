/** Every file of a pattern at once, as vitest's bundler imports them. */
interface ImportMeta {
  glob<Module>(pattern: string, options: { eager: true }): Record<string, Module>
}
