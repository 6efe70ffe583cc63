/** For applications that show records (话单) which NetEase's SDKs and servers wrote. */
export * from '@ringline/protocol/netease';
