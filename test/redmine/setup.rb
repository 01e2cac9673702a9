# Makes what a new Redmine lacks: a workflow, the REST API, people. Prints their keys.
Dir.chdir("/usr/share/redmine")
require "/usr/share/redmine/config/environment"

Redmine::DefaultData::Loader.load("en")
Setting.rest_api_enabled = "1"
Setting.text_formatting = "common_mark"
Setting.default_projects_public = "0"
admin = User.find_by_login("admin")
admin.update!(must_change_passwd: false, firstname: "Ayo", lastname: "Sync")
people = %w[mara jo].map do |login|
  user = User.new(firstname: login.capitalize, lastname: "Doe", mail: "#{login}@example.net", language: "en")
  user.login = login
  user.password = user.password_confirmation = "a-long-password"
  user.save!
  user
end
role = Role.find_by_name("Manager")
facts = [admin, *people].to_h { |user| [user.login, { id: user.id, key: user.api_key }] }
puts JSON.generate({ people: facts, role: role.id })
