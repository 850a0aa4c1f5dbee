import Sync

extension NewContact {
    /// A contact of what is known of its lead: name, e-mail, phones, title, department (R27); blank is none.
    init(id: ContactID, draft: ContactPlan.Draft, home: AccountHome?) {
        let lead = draft.lead.lead
        self.init(
            id: id, lead: lead.id, job: draft.job, name: lead.contactName, email: PlainText.nonBlank(lead.email).map(PlainText.trimmed),
            phone: PlainText.nonBlank(lead.phone), mobilePhone: PlainText.nonBlank(lead.mobilePhone),
            department: PlainText.nonBlank(lead.department), title: PlainText.nonBlank(lead.title),
            shownLead: draft.fields.leadID ?? lead.id, leadScore: draft.fields.score, acquisitionDate: draft.fields.acquisitionDate,
            home: home)
    }
}
