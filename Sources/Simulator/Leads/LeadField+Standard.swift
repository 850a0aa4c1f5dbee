extension LeadField {
    /// Where the fields which the simulator itself reads or writes stand in the catalogue.
    enum Index {
        static let id = 0, email = 1, firstName = 2, lastName = 3, company = 4, title = 5, department = 6
        static let phone = 7, mobilePhone = 8, mainPhone = 9, leadScore = 10, leadStatus = 11, leadSource = 12
        static let acquisitionDate = 13, createdAt = 14, updatedAt = 15, fullName = 35
    }

    /// A fresh instance: the standard fields as two recordings agree on them (reference 4.3), and three fields of the customer's own:
    /// the Text Area `mazrica_phase` made in the UI, a string and an integer which can be searched.
    package static let standard: [LeadField] = [
        .init(id: 1, name: "id", displayName: "Id", type: .integer, soapName: "Id"),
        .init(id: 6, name: "email", displayName: "Email Address", type: .email, length: 255, soapName: "Email"),
        .init(id: 2, name: "firstName", displayName: "First Name", type: .string, length: 255, soapName: "FirstName"),
        .init(id: 3, name: "lastName", displayName: "Last Name", type: .string, length: 255, soapName: "LastName"),
        .init(id: 16, name: "company", displayName: "Company Name", type: .string, length: 255, soapName: "Company"),
        .init(id: 4, name: "title", displayName: "Job Title", type: .string, length: 255, soapName: "Title"),
        .init(id: 50, name: "department", displayName: "Department", type: .string, length: 255, soapName: "Department"),
        .init(id: 5, name: "phone", displayName: "Phone Number", type: .phone, length: 255, soapName: "Phone"),
        .init(id: 7, name: "mobilePhone", displayName: "Mobile Phone Number", type: .phone, length: 255, soapName: "MobilePhone"),
        .init(id: 17, name: "mainPhone", displayName: "Main Phone", type: .string, length: 255, soapName: "MainPhone"),
        .init(id: 146, name: "leadScore", displayName: "Lead Score", type: .integer, soapName: "LeadScore"),
        .init(id: 56, name: "leadStatus", displayName: "Lead Status", type: .string, length: 255, soapName: "LeadStatus"),
        .init(id: 54, name: "leadSource", displayName: "Lead Source", type: .string, length: 255, soapName: "LeadSource"),
        .init(id: 610, name: "mktoAcquisitionDate", displayName: "Acquisition Date", type: .datetime),
        .init(id: 604, name: "createdAt", displayName: "Created At", type: .datetime, isReadOnly: true),
        .init(id: 605, name: "updatedAt", displayName: "Updated At", type: .datetime, isReadOnly: true),
        .init(id: 8, name: "fax", displayName: "Fax Number", type: .phone, length: 255, soapName: "Fax"),
        .init(id: 9, name: "address", displayName: "Address", type: .text, soapName: "Address"),
        .init(id: 10, name: "city", displayName: "City", type: .string, length: 255, soapName: "City"),
        .init(id: 11, name: "state", displayName: "State", type: .string, length: 255, soapName: "State"),
        .init(id: 12, name: "postalCode", displayName: "Postal Code", type: .string, length: 255, soapName: "PostalCode"),
        .init(id: 13, name: "country", displayName: "Country", type: .string, length: 255, soapName: "Country"),
        .init(id: 14, name: "website", displayName: "Website", type: .url, length: 255, soapName: "Website"),
        .init(id: 18, name: "industry", displayName: "Industry", type: .string, length: 255, soapName: "Industry"),
        .init(id: 19, name: "annualRevenue", displayName: "Annual Revenue", type: .currency, soapName: "AnnualRevenue"),
        .init(id: 20, name: "numberOfEmployees", displayName: "Num Employees", type: .integer, soapName: "NumberOfEmployees"),
        .init(id: 21, name: "salutation", displayName: "Salutation", type: .string, length: 255, soapName: "Salutation"),
        .init(id: 22, name: "middleName", displayName: "Middle Name", type: .string, length: 255, soapName: "MiddleName"),
        .init(id: 23, name: "dateOfBirth", displayName: "Date of Birth", type: .date, soapName: "DateofBirth"),
        .init(id: 51, name: "rating", displayName: "Lead Rating", type: .string, length: 255, soapName: "Rating"),
        .init(id: 55, name: "unsubscribed", displayName: "Unsubscribed", type: .boolean, soapName: "Unsubscribed"),
        .init(id: 57, name: "unsubscribedReason", displayName: "Unsubscribed Reason", type: .text, soapName: "UnsubscribedReason"),
        .init(id: 58, name: "doNotCall", displayName: "Do Not Call", type: .boolean, soapName: "DoNotCall"),
        .init(id: 59, name: "emailInvalid", displayName: "Email Invalid", type: .boolean, soapName: "EmailInvalid"),
        .init(id: 606, name: "cookies", displayName: "Cookies", type: .string, length: 255),
        .init(id: 607, name: "mktoName", displayName: "Full Name", type: .string, length: 255, isReadOnly: true),
        .init(id: 608, name: "leadPartitionId", displayName: "Lead Partition Id", type: .reference),
        .init(id: 609, name: "acquisitionProgramId", displayName: "Acquisition Program", type: .reference, soapName: "Acquisition Program ID"),
        .init(id: 611, name: "facebookId", displayName: "Facebook Id", type: .string, length: 255),
        .init(id: 612, name: "linkedInId", displayName: "LinkedIn Id", type: .string, length: 255),
        .init(id: 613, name: "twitterId", displayName: "Twitter Id", type: .string, length: 255),
        .init(id: 614, name: "sfdcAccountId", displayName: "SFDC Account Id", type: .string, length: 255, isReadOnly: true),
        .init(id: 615, name: "sfdcContactId", displayName: "SFDC Contact Id", type: .string, length: 255, isReadOnly: true),
        .init(id: 616, name: "sfdcLeadId", displayName: "SFDC Lead Id", type: .string, length: 255, isReadOnly: true),
        .init(id: 618, name: "sfdcLeadOwnerId", displayName: "SFDC Lead Owner Id", type: .string, length: 255, isReadOnly: true),
        .init(id: 619, name: "sfdcOpptyId", displayName: "SFDC Opportunity Id", type: .string, length: 255, isReadOnly: true),
        .init(id: 617, name: "leadPercent", displayName: "Completeness", type: .percent, soapName: "LeadPercent"),
        .init(
            id: 1_001, name: "mazrica_phase", displayName: "mazrica_phase", type: .text, soapName: "mazrica_phase", isCustom: true),
        .init(
            id: 1_002, name: "memberNumber", displayName: "Member Number", type: .string, length: 255, soapName: "memberNumber", isCustom: true),
        .init(id: 1_003, name: "productScore", displayName: "Product Score", type: .integer, soapName: "productScore", isCustom: true),
        .init(id: 1_004, name: "visitRate", displayName: "Visit Rate", type: .float, soapName: "visitRate", isCustom: true),
    ]

    /// What a read without `fields` gives, in this order (R).
    static let defaultNames = ["id", "firstName", "lastName", "email", "updatedAt", "createdAt"]
}
