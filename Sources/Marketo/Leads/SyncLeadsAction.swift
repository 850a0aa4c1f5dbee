/// What a write may do with leads that are there, and with those that are not.
///
/// Source: API reference, section 4.2.
package enum SyncLeadsAction: String, Sendable {
    case createOrUpdate, createOnly, updateOnly, createDuplicate
}
