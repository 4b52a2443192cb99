/** Forms of names, as validation uses them. */
export * from '../../apimachinery/names.ts';
