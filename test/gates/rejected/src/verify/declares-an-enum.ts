// rejected by TS1294
export enum Use {
  Access,
  Id,
}
